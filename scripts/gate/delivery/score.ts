import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from '../run-tool.ts'
import { findProgram } from './checkers.ts'

/** Exceptions from critical checks of kube-score: the check, the objects and the reason. */
export const EXCEPTIONS: { check: string; objects: RegExp; reason: string }[] = [
  {
    check: 'container-image-pull-policy',
    objects: /./,
    reason:
      'Tags here are versions and never move: pulling again cannot bring anything new, and kind has no registry to pull from.',
  },
  {
    check: 'container-security-context-user-group-id',
    objects: /^StatefulSet\/.*\/postgres$/,
    reason:
      "999 is the postgres image's own user, which owns what initdb needs; the user namespace of the node is not ours.",
  },
]

interface Scored {
  object_name: string
  checks: {
    check: { id: string }
    grade: number
    skipped: boolean
    comments: { path: string; summary: string }[] | null
  }[]
}

const CRITICAL = 1

/** The critical findings of kube-score in an overlay that no exception covers. */
export async function criticalOf(text: string, kubernetes: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'super-zol-score-'))
  const file = join(folder, 'overlay.yaml')
  writeFileSync(file, text)
  const options = [
    '--output-format',
    'json',
    '--kubernetes-version',
    kubernetes.replace(/\.\d+$/, ''),
  ]
  const { stdout, stderr } = await runTool([
    findProgram('kube-score') ?? '',
    'score',
    ...options,
    file,
  ])
  rmSync(folder, { recursive: true })
  if (!stdout.startsWith('[')) throw new Error(`Cannot score: ${stderr}`)
  const scored: Scored[] = JSON.parse(stdout)
  return scored.flatMap(({ object_name, checks }) =>
    checks
      .filter(({ grade, skipped, check }) => {
        const excepted = EXCEPTIONS.some(
          (exception) => exception.check === check.id && exception.objects.test(object_name),
        )
        return !skipped && grade <= CRITICAL && !excepted
      })
      .map(
        ({ check, comments }) =>
          `${object_name}: ${check.id}: ${(comments ?? []).map(({ summary }) => summary).join(', ')}`,
      ),
  )
}
