import { describe, expect, test } from 'bun:test'
import { steps } from './steps.ts'

const inCi = process.env.CI === 'true'

describe('gate', () => {
  for (const step of steps) {
    const absent = step.missing()
    test.skipIf(absent !== undefined && !inCi)(
      step.title,
      async () => {
        if (absent) throw new Error(`Cannot run ${step.title}: ${absent}`)
        const { passed, report } = await step.run()
        const fix = step.fix === undefined ? '' : `\nto mend it: ${step.fix}`
        if (!passed)
          console.error(`${report}${fix}\nto run it alone: npm run check -- ${step.name}`)
        expect(passed).toBe(true)
      },
      180_000,
    )
  }
})
