#!/usr/bin/env node
// Nothing is imported up here: an old Node must get as far as the sentence that says it is old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `Veza needs Node 22.14 or newer; this is ${process.versions.node}.\n  Install Node 24, or run ./install.sh, which brings it.\n`,
  )
  process.exitCode = 1
} else {
  // Whoever reads us may stop early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const { runCli } = await import('./run.ts')
  process.exitCode = await runCli(process.argv.slice(2))
  // A connection that something forgot to close must not keep a finished command.
  setTimeout(() => process.exit(), 3000).unref()
}
