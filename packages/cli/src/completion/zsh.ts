import type { Place } from './vocabulary.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** A word for _describe: what it is for stands behind a colon. */
const described = (text: string, about: string): string => quoted(`${text.replaceAll(':', '\\:')}:${about}`);

/** A script for zsh 5, to be read after compinit, or to lie on fpath as _parley. */
export function zshCompletion(places: readonly Place[]): string {
  const keyOf = ({ path }: Place) => path.join(' ');
  const paths = places.filter(({ path }) => path.length > 0).map((place) => `"${keyOf(place)}"`);
  const values = places.flatMap((place) =>
    place.valueFlags.map(({ names, values: of, about }) => {
      const patterns = names.map((name) => `"${keyOf(place)}:${name}"`).join(' | ');
      const reply =
        of === 'anything'
          ? `_message ${quoted(about)}`
          : of === 'file'
            ? '_files'
            : `compadd -- ${of.map(quoted).join(' ')}`;
      return `    ${patterns}) ${reply}; return ;;`;
    }),
  );
  const words = places.map((place) => {
    const next = place.words.map(({ text, about }) => described(text, about));
    const flags = [
      ...place.switches.map(({ text, about }) => described(text, about)),
      ...place.valueFlags.flatMap(({ names, about }) => names.map((name) => described(name, about))),
    ];
    return `    "${keyOf(place)}") next=(${next.join(' ')}); flags=(${flags.join(' ')}) ;;`;
  });
  return `#compdef parley
# Completion of parley for zsh: source <(parley completion zsh)
_parley() {
  local place="" longer i
  local -a next flags
  for ((i = 2; i < CURRENT; i++)); do
    longer="\${place:+$place }\${words[i]}"
    case "$longer" in
      (${paths.join(' | ')}) place="$longer" ;;
    esac
  done
  case "$place:\${words[CURRENT - 1]}" in
${values.join('\n')}
  esac
  case "$place" in
${words.join('\n')}
  esac
  (( \${#next} )) && _describe -t commands 'command' next
  if [[ "\${words[CURRENT]}" == -* || \${#next} -eq 0 ]]; then _describe -t options 'option' flags; fi
}
if [[ "$funcstack[1]" == _parley ]]; then _parley "$@"; else compdef _parley parley; fi
`;
}
