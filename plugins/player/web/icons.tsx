/** Drawings of the player alone, on the grid of the kit's own. */
const shapes = {
  next: 'M5.5 6v12l9-6zM18 6v12',
  previous: 'M18.5 6v12l-9-6zM6 6v12',
  shuffle:
    'M4 7h3.5c4.5 0 5 10 9.5 10h3M4 17h3.5c1.6 0 2.7-1.3 3.6-3M13.4 9.6c.9-1.5 2-2.6 3.6-2.6h3M17.5 4.5 20 7l-2.5 2.5M17.5 14.5 20 17l-2.5 2.5',
  repeat:
    'M5 12V9.5A2.5 2.5 0 0 1 7.5 7H19M16.5 4.5 19 7l-2.5 2.5M19 12v2.5a2.5 2.5 0 0 1-2.5 2.5H5M7.5 19.5 5 17l2.5-2.5',
  'repeat-one':
    'M5 12V9.5A2.5 2.5 0 0 1 7.5 7H19M16.5 4.5 19 7l-2.5 2.5M19 12v2.5a2.5 2.5 0 0 1-2.5 2.5H5M7.5 19.5 5 17l2.5-2.5M11 10.8l1.3-.8v4',
  up: 'm6 14.5 6-6 6 6',
  words: 'M4.5 6.5h15M4.5 11h10M4.5 15.5h13M4.5 20h7',
  sound: 'M5 4v8M5 16v4M12 4v3M12 11v9M19 4v9M19 17v3M3 14h4M10 9h4M17 15h4',
  share: 'M12 15V4.5M8 8l4-3.5L16 8M6.5 11.5h-1v8.5h13v-8.5h-1',
  radio:
    'M12 10.6a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2M8.3 15.9a5.2 5.2 0 0 1 0-7.4M15.7 8.5a5.2 5.2 0 0 1 0 7.4M5.5 18.7a9.2 9.2 0 0 1 0-13M18.5 5.7a9.2 9.2 0 0 1 0 13',
  grip: 'M9 6.5h.01M15 6.5h.01M9 12h.01M15 12h.01M9 17.5h.01M15 17.5h.01',
  spectrum: 'M4.5 14v4M8.2 9v9M12 5v13M15.8 11v7M19.5 8v10',
  keyboard: 'M3.5 7h17v10.5h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 14h7',
} as const

export type PlayerIcon = keyof typeof shapes

export function Drawing({ name, size = 20 }: { name: PlayerIcon; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  )
}

interface ToolProps {
  icon: PlayerIcon
  label: string
  onClick(): void
  /** For what is on or off. */
  isOn?: boolean
  isDisabled?: boolean
}

/** A round button with one of these drawings. */
export function Tool({ icon, label, onClick, isOn, isDisabled }: ToolProps) {
  return (
    <button
      type="button"
      class={`icon-button player-tool${isOn ? ' is-on' : ''}`}
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Drawing name={icon} />
    </button>
  )
}
