import './help.css'
import { Dialog, defineTexts, useTexts } from '#web'
import { isHelpOpen } from './front.ts'

const texts = defineTexts({
  en: {
    title: 'Keys of the player',
    toggle: 'Play or pause',
    step: 'Back and forward by 10 seconds',
    shortStep: 'Back and forward by 5 seconds',
    part: 'To that tenth of the track',
    next: 'Next track',
    previous: 'Previous track; from 3 seconds on, its beginning',
    volume: 'Louder and quieter',
    mute: 'Mute',
    shuffle: 'Shuffle',
    repeat: 'Repeat: off, all, this track',
    full: 'Full screen, of streams and recordings',
    camera: 'That camera of a stream',
    help: 'This sheet',
    close: 'Close what is open',
    space: 'Space',
    note: 'While you type, keys write.',
  },
  fr: {
    title: 'Touches du lecteur',
    toggle: 'Lire ou mettre en pause',
    step: 'Reculer et avancer de 10 secondes',
    shortStep: 'Reculer et avancer de 5 secondes',
    part: 'À ce dixième du titre',
    next: 'Titre suivant',
    previous: 'Titre précédent ; après 3 secondes, le début du titre',
    volume: 'Plus fort et moins fort',
    mute: 'Couper le son',
    shuffle: 'Lecture aléatoire',
    repeat: 'Répéter : non, tout, ce titre',
    full: 'Plein écran, pour les directs et rediffusions',
    camera: 'Cette caméra d’un direct',
    help: 'Cette page',
    close: 'Fermer ce qui est ouvert',
    space: 'Espace',
    note: 'Pendant que vous écrivez, les touches écrivent.',
  },
})

const close = () => {
  isHelpOpen.value = false
}

/** Opened by `?` on every page. */
export default function HelpSheet() {
  const t = useTexts(texts)
  const rows: [string[], string][] = [
    [[t('space'), 'K'], t('toggle')],
    [['J', 'L'], t('step')],
    [['⇧ ←', '⇧ →'], t('shortStep')],
    [['0', '…', '9'], t('part')],
    [['N'], t('next')],
    [['P'], t('previous')],
    [['⇧ ↑', '⇧ ↓'], t('volume')],
    [['M'], t('mute')],
    [['S'], t('shuffle')],
    [['R'], t('repeat')],
    [['F'], t('full')],
    [['1', '…', '9'], t('camera')],
    [['?'], t('help')],
    [['Esc'], t('close')],
  ]
  return (
    <Dialog title={t('title')} isOpen={isHelpOpen.value} onClose={close}>
      <dl class="key-sheet">
        {rows.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <p class="muted small">{t('note')}</p>
    </Dialog>
  )
}
