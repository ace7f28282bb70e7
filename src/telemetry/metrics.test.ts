import { expect, test } from 'bun:test'
import { createMetrics } from './metrics.ts'

test('counters and families are written in the Prometheus text format', async () => {
  const metrics = createMetrics()
  const asked = metrics.counter('asked_total', 'How often.', ['who'])
  asked.add(['a'])
  asked.add(['a'], 2)
  asked.add(['a "b"\\\n'])
  metrics.families(() => [
    { name: 'age', help: 'How old.', type: 'gauge', samples: [{ value: 1.5 }] },
  ])
  expect(await metrics.text()).toBe(`# HELP asked_total How often.
# TYPE asked_total counter
asked_total{who="a"} 3
asked_total{who="a \\"b\\"\\\\\\n"} 1
# HELP age How old.
# TYPE age gauge
age 1.5
`)
})

test('a histogram bucket counts all values up to its bound', async () => {
  const metrics = createMetrics()
  const took = metrics.histogram('took', 'Seconds.', { buckets: [0.1, 1], labels: ['route'] })
  for (const seconds of [0.05, 0.1, 0.5, 7]) took.observe(seconds, ['/'])
  expect(await metrics.text()).toBe(`# HELP took Seconds.
# TYPE took histogram
took_bucket{route="/",le="0.1"} 2
took_bucket{route="/",le="1"} 3
took_bucket{route="/",le="+Inf"} 4
took_sum{route="/"} 7.65
took_count{route="/"} 4
`)
})

test('a family that fails is omitted, and the other metrics remain', async () => {
  const metrics = createMetrics()
  metrics.families(() => Promise.reject(new Error('away')))
  metrics.counter('here_total', 'Here.', []).add([])
  expect(await metrics.text()).toBe(
    '# HELP here_total Here.\n# TYPE here_total counter\nhere_total 1\n',
  )
})
