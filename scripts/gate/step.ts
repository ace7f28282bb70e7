/** A check of the gate that is not a test. */
export interface Step {
  /** `npm run check -- NAME` runs it alone. */
  name: string
  title: string
  /** Why it cannot run on this machine and how to change that; undefined when it can. */
  missing: () => string | undefined
  /** The command that mends most of its findings. */
  fix?: string
  run: () => Promise<{ passed: boolean; report: string }>
}
