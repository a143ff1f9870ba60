import { access, readdir, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { runCommand } from './process.ts'
import type { Tally } from './tally.ts'

type Tool = {
  name: string
  package: string
  find: () => Promise<string | null>
  /** Does as well where the first cannot be had. */
  instead?: { package: string; find: () => Promise<string | null> }
}

const postgresRoot = '/usr/lib/postgresql'
/** With the module comes nginx itself. */
const nginxRtmp = '/usr/lib/nginx/modules/ngx_rtmp_module.so'

/** Programs the tests use as real counterparts, each with the Debian package that brings it. */
const TOOLS: readonly Tool[] = [
  { name: 'ffmpeg', package: 'ffmpeg', find: () => onPath('ffmpeg') },
  {
    name: 'chromium',
    package: 'chromium-headless-shell',
    find: () => onPath('chromium-headless-shell'),
    instead: { package: 'chromium', find: () => onPath('chromium') },
  },
  { name: 'PostgreSQL', package: 'postgresql', find: postgresBin },
  { name: 'nginx with RTMP', package: 'libnginx-mod-rtmp', find: () => onDisk(nginxRtmp) },
  { name: 'Redis', package: 'redis-server', find: () => onPath('redis-server') },
  { name: 'GStreamer', package: 'gstreamer1.0-tools', find: () => onPath('gst-launch-1.0') },
  { name: 'RTMP in GStreamer', package: 'gstreamer1.0-plugins-bad', find: gstreamerRtmp },
  { name: 'liquidsoap', package: 'liquidsoap', find: () => onPath('liquidsoap') },
  { name: 'mpv', package: 'mpv', find: () => onPath('mpv') },
]

/** What tests leave in their folders at most, and the memory that they need beside it. */
const temporaryBytes = 2e9
const memoryBytes = 8e9

/** In memory where there is enough: servers under test sync what they acknowledge, and disks take their time for that. */
export async function temporaryFolder(): Promise<string> {
  const inMemory = '/dev/shm'
  const { bavail, bsize } = await statfs(inMemory).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > temporaryBytes && freemem() > memoryBytes ? inMemory : tmpdir()
}

/** Path of a program on the PATH, or null. */
export async function onPath(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program)
    if (await exists(path)) return path
  }
  return null
}

/** Folder with `initdb` and `postgres` (Debian keeps them off the PATH), newest version first; or null. */
export async function postgresBin(): Promise<string | null> {
  const versions = await readdir(postgresRoot).catch(() => [])
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const bin = join(postgresRoot, version, 'bin')
    if ((await exists(join(bin, 'initdb'))) && (await exists(join(bin, 'postgres')))) return bin
  }
  return null
}

/** Debian keeps plugins in a folder named after the processor; this package brings H.264 and AAC as well. */
async function gstreamerRtmp(): Promise<string | null> {
  for (const folder of await readdir('/usr/lib').catch(() => [])) {
    const path = join('/usr/lib', folder, 'gstreamer-1.0/libgstrtmp2.so')
    if (await exists(path)) return path
  }
  return null
}

const onDisk = async (path: string) => ((await exists(path)) ? path : null)

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/** Installs what is missing where it may. What stays missing counts as failed, with the remedy. */
export async function prepareMachine(tally: Tally): Promise<void> {
  const start = performance.now()
  const before = await missingTools(false)
  if (before.length === 0) return
  let output = await aptInstall(before.map((tool) => tool.package))
  // One package that there is not keeps all others out.
  const left = await missingTools(true)
  if (left.length > 0) output += await aptInstall(left.map((tool) => tool.instead?.package ?? tool.package))
  const after = await missingTools(true)
  for (const tool of before) {
    const ok = !after.includes(tool)
    const remedy = `${tool.name} is missing and could not be installed. Remedy: sudo apt-get install -y ${tool.package}\n`
    tally.step(`install ${tool.package}`, ok, remedy + output, performance.now() - start)
  }
}

async function missingTools(countsInstead: boolean): Promise<Tool[]> {
  const find = async (tool: Tool) =>
    (await tool.find()) ?? (countsInstead ? await tool.instead?.find() : null)
  const found = await Promise.all(TOOLS.map(find))
  return TOOLS.filter((_tool, index) => !found[index])
}

async function aptInstall(packages: readonly string[]): Promise<string> {
  if (!(await onPath('apt-get'))) return 'there is no apt-get on this machine'
  const root = process.getuid?.() === 0
  if (!root && (await runCommand('sudo', ['-n', 'true'])).code !== 0)
    return 'not root, and sudo asks for a password'
  const apt = (...args: string[]) => {
    const line = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-qq', ...args]
    return root ? runCommand(line[0]!, line.slice(1)) : runCommand('sudo', ['-n', ...line])
  }
  const install = () => apt('install', '--no-install-recommends', ...packages)
  const first = await install()
  if (first.code === 0) return first.output
  const update = await apt('update')
  return update.output + (await install()).output
}
