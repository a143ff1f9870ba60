import { isoTime } from '#sdk'

// A child for the tests: does what its messages say.
let isStubborn = false
process.on('message', (message: { do: string; value?: unknown }) => {
  if (message.do === 'echo') process.send?.({ echo: message.value })
  if (message.do === 'env') process.send?.({ env: process.env, execArgv: process.execArgv })
  if (message.do === 'print') process.stdout.write(`${String(message.value)}\n`)
  if (message.do === 'die') process.exit(7)
  if (message.do === 'be-stubborn') {
    isStubborn = true
    process.send?.({ stubborn: isoTime() })
  }
})
process.on('SIGTERM', () => {
  if (!isStubborn) process.exit(0)
})
process.on('disconnect', () => process.exit(0))
