import { ConfirmDialog } from './confirm-dialog.tsx'
import { Frame } from './frame.tsx'
import { Outlet } from './outlet.tsx'
import { Toasts } from './toasts.tsx'

/** The whole page: frame, the page at the address, and what floats above. */
export function App() {
  return (
    <>
      <Frame>
        <Outlet />
      </Frame>
      <ConfirmDialog />
      <Toasts />
    </>
  )
}
