/** A check of the gate other than a test. */
export interface Step {
  /** `npm run check -- NAME` runs it alone. */
  name: string
  title: string
  /** Why the step cannot run on this machine and what to install; undefined if it can. */
  missing: () => string | undefined
  /** The command that fixes most findings. */
  fix?: string
  run: () => Promise<{ passed: boolean; report: string }>
}
