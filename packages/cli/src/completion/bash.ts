import { flagNames, type Place } from './vocabulary.ts';

/** A script for bash 3.2 and newer, which macOS has: no associative arrays. */
export function bashCompletion(places: readonly Place[]): string {
  const keyOf = ({ path }: Place) => path.join(' ');
  const paths = places.filter(({ path }) => path.length > 0).map((place) => `"${keyOf(place)}"`);
  const values = places.flatMap((place) =>
    place.valueFlags.map(({ names, values: of }) => {
      const patterns = names.map((name) => `"${keyOf(place)}:${name}"`).join(' | ');
      const reply =
        of === 'anything'
          ? 'COMPREPLY=()'
          : of === 'file'
            ? 'COMPREPLY=($(compgen -f -- "$word"))'
            : `COMPREPLY=($(compgen -W "${of.join(' ')}" -- "$word"))`;
      return `    ${patterns}) ${reply}; return ;;`;
    }),
  );
  const words = places.map(
    (place) =>
      `    "${keyOf(place)}") words="${[...place.words.map(({ text }) => text), ...flagNames(place)].join(' ')}" ;;`,
  );
  return `# Completion of parley for bash: eval "$(parley completion bash)"
_parley() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path="" longer words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    longer="\${path:+$path }\${COMP_WORDS[i]}"
    case "$longer" in
      ${paths.join(' | ')}) path="$longer" ;;
    esac
  done
  case "$path:\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _parley parley
`;
}
