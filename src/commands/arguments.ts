import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** The arguments are not those of the command, which says how it is used and ends with 2. */
export class UsageError extends Error {}

/**
 * `parseArgs` with positionals.
 * @throws UsageError that names the option that there is not
 */
export function readArguments<T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
