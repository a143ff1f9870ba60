import './pins.css'
import { useEffect, useId, useState } from 'preact/hooks'
import { formatClock, formatMoney, Icon, useTexts } from '#web'
import type { Message, Room } from '../contract.ts'
import { LineActions } from './LineActions.tsx'
import { MessageText } from './MessageText.tsx'
import { shareLeft, toneOf } from './pins.ts'
import { chatTexts } from './texts.ts'
import type { Timeline } from './timeline.ts'
import { usePins } from './use-pins.ts'

interface StripProps {
  room: Room
  timeline: Timeline
  myId: string | null
}

/** Superchats that stand above the list as long as they are pinned: one in full, the others by name. */
export default function PinStrip({ room, timeline, myId }: StripProps) {
  const t = useTexts(chatTexts)
  const id = useId()
  const { pins, now } = usePins(room, timeline)
  const [picked, setPicked] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(true)
  const newest = pins[0]?.id
  // A new one shows itself; whoever closed the strip is left in peace.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new one changes what is shown.
  useEffect(() => setPicked(null), [newest])
  if (pins.length === 0) return null
  const shown = pins.find((pin) => pin.id === picked) ?? pins[0]!
  return (
    <section class="chat-pins" aria-label={t('pinned')}>
      <div class="chat-pins-head">
        <ul>
          {pins.map((pin) => (
            <li key={pin.id}>
              <PinButton
                pin={pin}
                now={now}
                isShown={isOpen && pin === shown}
                onPick={() => {
                  setOpen(!(isOpen && pin === shown))
                  setPicked(pin.id)
                }}
              />
            </li>
          ))}
        </ul>
        <button
          type="button"
          class="chat-pins-toggle"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-label={t(isOpen ? 'collapsePins' : 'expandPins')}
          title={t(isOpen ? 'collapsePins' : 'expandPins')}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="chevron-down" size={18} />
        </button>
      </div>
      <div id={id} hidden={!isOpen}>
        <Pin pin={shown} room={room} myId={myId} now={now} />
      </div>
    </section>
  )
}

interface PinButtonProps {
  pin: Message
  now: number
  isShown: boolean
  onPick(): void
}

function PinButton({ pin, now, isShown, onPick }: PinButtonProps) {
  const t = useTexts(chatTexts)
  const { author, paid } = pin
  return (
    <button
      type="button"
      class={`chat-pin-button tone-${toneOf(pin)}`}
      aria-pressed={isShown}
      onClick={onPick}
    >
      <Ring share={shareLeft(pin, now)} />
      <span class="chat-pin-name">{author?.displayName ?? t('gone')}</span>
      {paid && paid.amountMinor !== null && (
        <b class="figures">{formatMoney({ amountMinor: paid.amountMinor, currency: paid.currency }, true)}</b>
      )}
    </button>
  )
}

/** A ring that empties as the time runs out; told in words beside the message. */
function Ring({ share }: { share: number }) {
  return (
    <svg class="chat-ring" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="8" />
      <circle
        cx="10"
        cy="10"
        r="8"
        pathLength="100"
        style={{ strokeDashoffset: String(100 * (1 - share)) }}
      />
    </svg>
  )
}

function Pin({ pin, room, myId, now }: { pin: Message; room: Room; myId: string | null; now: number }) {
  const t = useTexts(chatTexts)
  const { author, text, paid } = pin
  const name = author?.displayName ?? t('gone')
  const leftMs = Math.max(0, Date.parse(paid?.pinnedUntil ?? '') - now)
  return (
    <article class={`chat-pin tone-${toneOf(pin)}`}>
      <div class="chat-pin-text">
        <p>
          <b class="chat-name">
            <bdi>{name}</bdi>
          </b>{' '}
          <span class="chat-pin-left figures">{t('pinnedFor', { time: formatClock(leftMs) })}</span>
        </p>
        <p>
          <MessageText text={text ?? ''} />
        </p>
      </div>
      <LineActions message={pin} room={room} myId={myId} name={name} />
    </article>
  )
}
