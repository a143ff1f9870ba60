import { Consents } from './Consents.tsx'
import { DeleteCard } from './DeleteCard.tsx'
import { ExportCard } from './ExportCard.tsx'

/** What the label keeps: agreements, a copy of everything, and the end of the account. */
export default function Privacy() {
  return (
    <div class="account-parts">
      <Consents />
      <ExportCard />
      <DeleteCard />
    </div>
  )
}
