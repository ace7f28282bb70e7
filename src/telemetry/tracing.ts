import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import manifest from '../../package.json' with { type: 'json' }
import type { Env } from '../env.ts'
import type { Logger } from '../log.ts'
import { traceParentOf } from './trace-parent.ts'
import type { Tracer } from './tracer.ts'

const CLOSE_MS = 3000
const MAX_QUERY_CHARACTERS = 2000

/**
 * Sends traces by OTLP over HTTP. Each request is a span below its `traceparent`, and each query is
 * a child span of the request. Spans contain the text of a query, never its values (docs/adr/0039).
 */
export function openTracer(
  env: Pick<Env, 'otlpEndpoint' | 'tracesSampler' | 'tracesSamplerArg'>,
  log: Logger,
): Tracer {
  const warn = (message: string) => log.warn({ reason: message }, 'Cannot send traces')
  const nothing = () => {}
  diag.setLogger(
    { error: warn, warn, info: nothing, debug: nothing, verbose: nothing },
    DiagLogLevel.WARN,
  )
  const exporter = new OTLPTraceExporter({ url: `${env.otlpEndpoint}/v1/traces` })
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': manifest.name,
          'service.version': manifest.version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(env),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer(manifest.name)
  const current = new AsyncLocalStorage<Span>()

  return {
    begin: (request) => {
      const parent = traceParentOf(request)
      const above =
        parent === null
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
      const attributes = {
        'http.request.method': request.method,
        'url.path': new URL(request.url).pathname,
      }
      const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, above)
      return {
        traceId: span.spanContext().traceId,
        run: (answer) => current.run(span, answer),
        end: ({ method, route, status }) => {
          span.updateName(`${method} ${route}`)
          span.setAttributes({ 'http.route': route, 'http.response.status_code': status })
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    watch: (text) => {
      const parent = current.getStore()
      if (parent?.isRecording() !== true) return nothing
      const query = text.trim()
      const operation = /^\w+/.exec(query)?.[0].toUpperCase() ?? 'query'
      const attributes = {
        'db.system.name': 'postgresql',
        'db.query.text': query.slice(0, MAX_QUERY_CHARACTERS),
      }
      const span = tracer.startSpan(
        operation,
        { kind: SpanKind.CLIENT, attributes },
        trace.setSpan(ROOT_CONTEXT, parent),
      )
      return (error) => {
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      }
    },
    close: () => Promise.race([provider.shutdown(), sleep(CLOSE_MS, undefined, { ref: false })]),
  }
}

/**
 * The samplers by their `OTEL_TRACES_SAMPLER` names. The SDK itself does not read this variable.
 */
function samplerOf({
  tracesSampler,
  tracesSamplerArg,
}: Pick<Env, 'tracesSampler' | 'tracesSamplerArg'>): Sampler {
  const samplers = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(tracesSamplerArg),
    parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    parentbased_traceidratio: () =>
      new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(tracesSamplerArg) }),
  }
  return samplers[tracesSampler]()
}
