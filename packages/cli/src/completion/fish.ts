import type { Place } from './vocabulary.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A script for fish 3. */
export function fishCompletion(places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path.length > 0).map(({ path }) => quoted(path.join(' ')));
  const lines = places.flatMap((place) => {
    const start = `complete -c parley -n ${quoted(`__parley_at ${quoted(place.path.join(' '))}`)}`;
    return [
      ...place.words.map(({ text, about }) => `${start} -a ${quoted(text)} -d ${quoted(about)}`),
      ...place.switches.map(({ text, about }) => `${start} -l ${text.slice(2)} -d ${quoted(about)}`),
      ...place.valueFlags.map(({ names, values, about }) => {
        const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        const of = values === 'file' ? '-r -F' : values === 'anything' ? '-x' : `-x -a ${quoted(values.join(' '))}`;
        return `${start} ${named.join(' ')} ${of} -d ${quoted(about)}`;
      }),
    ];
  });
  return `# Completion of parley for fish: parley completion fish | source
function __parley_at
  set -l place
  for word in (commandline -opc)[2..]
    set -l longer (string join -- ' ' $place $word)
    contains -- $longer ${paths.join(' ')}; and set place $longer
  end
  test "$place" = "$argv[1]"
end
complete -c parley -f
${lines.join('\n')}
`;
}
