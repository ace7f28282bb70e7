import { spawn } from 'node:child_process'
import { KUBECTL } from './kubectl.ts'

/**
 * Forwards ports of this machine to a pod or a Service, such as `service/api 3000:80`.
 * @returns a function that stops forwarding
 * @throws Error with kubectl's message when it cannot
 */
export async function forwardPorts(namespace: string, ...target: string[]): Promise<() => void> {
  const child = spawn(KUBECTL, ['port-forward', '-n', namespace, ...target])
  let message = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    message += text
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => reject(new Error(`Cannot forward ${target.join(' ')}: ${message}`)))
  })
  return () => {
    child.kill()
  }
}
