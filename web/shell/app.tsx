import { useLoaded } from '../sdk/lazy.tsx'
import { path } from '../sdk/location.ts'
import { Slot } from '../sdk/slot.tsx'
import { pageFoot } from '../sdk/slots.ts'
import { type IdentityQuestion, identityQuestion } from '../sdk/with-confirm.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { Frame } from './frame.tsx'
import { Outlet } from './outlet.tsx'
import { findPage } from './pages.ts'
import { Toasts } from './toasts.tsx'

const loadIdentity = () => import('./login/IdentityDialog.tsx')
function Identity({ asked }: { asked: IdentityQuestion }) {
  const { Part } = useLoaded(loadIdentity)
  return Part && <Part asked={asked} />
}

/** The whole page: frame, the page at the address, and what floats above. */
export function App() {
  return (
    <>
      {findPage(path.value)?.page.isBare ? (
        <main id="main">
          <Outlet />
        </main>
      ) : (
        <>
          <Frame>
            <Outlet />
          </Frame>
          <Slot of={pageFoot} props={{}} />
        </>
      )}
      <ConfirmDialog />
      {identityQuestion.value && <Identity asked={identityQuestion.value} />}
      <Toasts />
    </>
  )
}
