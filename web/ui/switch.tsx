interface SwitchProps {
  /** Its name for screen readers. */
  label: string
  isOn: boolean
  isDisabled?: boolean
  onSwitch(isOn: boolean): void
}

/** On or off, at once. */
export function Switch({ label, isOn, isDisabled, onSwitch }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={isDisabled}
      onClick={() => onSwitch(!isOn)}
    >
      <i />
    </button>
  )
}
