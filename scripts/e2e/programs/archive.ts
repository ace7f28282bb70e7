import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { run } from './run.ts'

/**
 * Writes an image archive, as `docker save` does, that contains only one static program.
 * @param target the archive to write
 */
export async function writeProgramImage(
  target: string,
  { name, program }: { name: string; program: string },
): Promise<void> {
  const folder = `${target}.parts`
  await mkdir(join(folder, 'root'), { recursive: true })
  await copyFile(program, join(folder, 'root', basename(program)))
  const layer = join(folder, 'layer.tar')
  const plain = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
  await run(['tar', ...plain, '-cf', layer, '-C', join(folder, 'root'), basename(program)])
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex')
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: [`/${basename(program)}`], User: '65534' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  await run(['tar', '-cf', target, '-C', folder, 'manifest.json', 'config.json', 'layer.tar'])
  await rm(folder, { recursive: true })
}
