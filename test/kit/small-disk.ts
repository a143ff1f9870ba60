import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../tools/process.ts'

/** A file system of its own that is quickly full. */
export interface SmallDisk {
  dir: string
  /** Takes all the room that is left. */
  fill(): Promise<void>
  /** Gives it back. */
  free(): Promise<void>
  close(): Promise<void>
}

/** Mounts a tmpfs. Throws with the remedy where this account may not. */
export async function smallDisk(size: string): Promise<SmallDisk> {
  const dir = await mkdtemp(join(tmpdir(), 'veza-disk-'))
  const mounted = await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir])
  if (mounted.code !== 0) {
    await rm(dir, { recursive: true })
    throw new Error(
      `A small disk could not be mounted: ${mounted.output.trim()}\nRemedy: run the tests as root, or by sudo, where mount is allowed.`,
    )
  }
  const ballast = join(dir, 'ballast')
  const unmount = () => runCommand('umount', ['--lazy', dir])
  return {
    dir,
    fill: () => fill(ballast),
    free: () => rm(ballast, { force: true }),
    close: async () => {
      await unmount()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** By ever smaller pieces, so that not even a line of a log finds room. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 16)) {
      while (await append(file, bytes));
    }
  } finally {
    await file.close()
  }
}

async function append(file: Awaited<ReturnType<typeof open>>, bytes: number): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(Buffer.alloc(bytes))
    return bytesWritten === bytes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
