import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Invalid arguments of a command, which then exits with code 2. */
export class UsageError extends Error {}

/**
 * `parseArgs` with positionals.
 * @throws UsageError that names the unknown option
 */
export function readArguments<T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (cause) {
    // remove Node's hint about positionals that begin with a dash
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(message.replace(/\. To specify a positional.*/s, ''), { cause })
  }
}

/** A one-line message for invalid usage: the problem, and how to see the help of `npm run NAME`. */
export function usageLine(doing: string, name: string, { message }: UsageError): string {
  return `Cannot ${doing}: ${message}; npm run ${name} -- --help shows how`
}
