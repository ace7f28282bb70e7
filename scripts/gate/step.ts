/** What must hold besides the tests. */
export interface Step {
  /** `npm run check -- NAME` runs it alone. */
  name: string
  title: string
  /** Why it cannot run on this machine, and what to do; undefined when it can. */
  missing: () => string | undefined
  /** The command that mends most of what it reports. */
  fix?: string
  run: () => Promise<{ passed: boolean; report: string }>
}
