import { get } from './http.ts'

/** Run as a process of its own: ADDRESS CLIENTS SECONDS. Prints each answer's milliseconds as JSON. */
async function run([url = '', clients = '1', seconds = '1']: readonly string[]): Promise<void> {
  const times: number[] = []
  const end = performance.now() + Number(seconds) * 1000
  const client = async () => {
    while (performance.now() < end) {
      const asked = performance.now()
      const { status } = await get(url)
      if (status !== 200) throw new Error(`answered ${status}`)
      times.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: Number(clients) }, client))
  process.stdout.write(JSON.stringify(times), () => process.exit(0))
}

await run(process.argv.slice(2))
