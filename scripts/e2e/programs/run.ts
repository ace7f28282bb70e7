import { runTool } from '../../gate/run-tool.ts'

type Options = Parameters<typeof runTool>[1]

/**
 * Runs a program and waits for its end.
 * @returns what it printed
 * @throws Error with the end of its output when it fails
 */
export async function run(command: string[], options?: Options): Promise<string> {
  const { code, stdout, stderr } = await runTool(command, options)
  if (code === 0) return stdout
  const output = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n')
  throw new Error(`Cannot run ${command.slice(0, 4).join(' ')} (exit ${code}): ${output}`)
}
