/**
 * The words of a command that means the same to every reader: single line, blanks between words, no
 * sign that a shell would act on, no assignment in front. Such a command is executed by its words and
 * without a shell. Undefined for every other one (research/security.md §0.14).
 */
export function plainWords(command: string): readonly string[] | undefined {
  if (command.length > longestCommand || !/^[A-Za-z0-9_./:@%+,=\- ]+$/.test(command)) return undefined;
  const words = command.split(" ").filter((word) => word !== "");
  const [program] = words;
  return program === undefined || program.includes("=") || shellWords.has(program) ? undefined : words;
}

const longestCommand = 8000;

/** Words that mean something to a shell itself, or that only a shell can do. */
const shellWords: ReadonlySet<string> = new Set(
  `. : alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do done
   elif else enable esac eval exec exit export fc fg fi for function getopts hash help history if in jobs let local
   logout mapfile popd pushd read readarray readonly return select set shift shopt source suspend then time times trap
   type typeset ulimit umask unalias unset until wait while`.split(/\s+/),
);
