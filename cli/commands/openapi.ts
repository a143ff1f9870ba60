import { openApiOf } from '../../server/http/openapi.ts'
import { withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'

/** `veza openapi`: the same description as `GET /api/v1/openapi.json`. */
const run: CommandRun = async (options) => {
  const description = await withSite(options, async (site, { version }) =>
    openApiOf(
      site.table.routes().map(({ route }) => route),
      { title: site.settings.site().title, version, url: site.row.url },
    ),
  )
  process.stdout.write(`${JSON.stringify(description, null, 2)}\n`)
}

export default run
