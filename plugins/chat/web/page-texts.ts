import { defineTexts } from '#web'

/** The words of the page of all rooms. */
export const chatPageTexts = defineTexts({
  en: {
    rooms: 'Rooms',
    allRooms: 'All rooms',
    newRoom: 'New room',
    roomTitle: 'Name',
    roomSlug: 'Address',
    roomSlugHint: 'Lower-case letters, digits and hyphens; shown after /chat/.',
    makeRoom: 'Make the room',
  },
  fr: {
    rooms: 'Salons',
    allRooms: 'Tous les salons',
    newRoom: 'Nouveau salon',
    roomTitle: 'Nom',
    roomSlug: 'Adresse',
    roomSlugHint: 'Minuscules, chiffres et traits d’union ; affichée après /chat/.',
    makeRoom: 'Créer le salon',
  },
})
