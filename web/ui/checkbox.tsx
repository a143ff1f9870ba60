import type { ComponentChildren } from 'preact'

interface CheckboxProps {
  isOn: boolean
  onCheck(isOn: boolean): void
  /** Its name, which may hold links. */
  children: ComponentChildren
  /** A second line under the name. */
  hint?: ComponentChildren
  isInvalid?: boolean
  isDisabled?: boolean
}

/** Yes or no as part of a form; what takes effect at once is a Switch. */
export function Checkbox({ isOn, onCheck, children, hint, isInvalid, isDisabled }: CheckboxProps) {
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        aria-invalid={isInvalid ? 'true' : undefined}
        onChange={(event) => onCheck(event.currentTarget.checked)}
      />
      <span>
        {children}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  )
}
