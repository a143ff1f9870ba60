import { useState } from 'preact/hooks'
import { Button, call, Dialog, Form, invalidate, navigate, useTexts } from '#web'
import { createRoom, listRooms } from '../contract.ts'
import { chatPageTexts } from './page-texts.ts'

/** For moderators: makes a public room and goes there. */
export function NewRoom() {
  const t = useTexts(chatPageTexts)
  const [isOpen, setOpen] = useState(false)
  const make = async (body: { title: string; slug: string }) => {
    const room = await call(createRoom, { body })
    invalidate(listRooms)
    setOpen(false)
    navigate(`/chat/${room.slug}`)
  }
  return (
    <>
      <Button icon="plus" onClick={() => setOpen(true)}>
        {t('newRoom')}
      </Button>
      <Dialog title={t('newRoom')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Form
          fields={[
            { name: 'title', label: t('roomTitle'), maxLength: 80 },
            { name: 'slug', label: t('roomSlug'), hint: t('roomSlugHint'), maxLength: 40 },
          ]}
          submit={t('makeRoom')}
          onSubmit={make}
        />
      </Dialog>
    </>
  )
}
