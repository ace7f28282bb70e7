import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** The arguments are not those of the command, which ends with 2. */
export class UsageError extends Error {}

/**
 * `parseArgs` with positionals.
 * @throws UsageError that names the option that there is not
 */
export function readArguments<T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (cause) {
    // Node adds a hint for positionals that begin with a dash
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(message.replace(/\. To specify a positional.*/s, ''), { cause })
  }
}

/** One line for a wrong call: what is wrong, and how to see the usage of `npm run NAME`. */
export function usageLine(doing: string, name: string, { message }: UsageError): string {
  return `Cannot ${doing}: ${message}; npm run ${name} -- --help shows how`
}
