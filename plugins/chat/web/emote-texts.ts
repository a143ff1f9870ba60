import { defineTexts } from '#web'

/** The words of emotes: choosing one, and making the label's own. */
export const emoteTexts = defineTexts({
  en: {
    picker: 'Choose an emoji or emote',
    ownEmotes: 'Of the label',
    emoji: 'Emoji',
    manage: 'Emotes',
    none: 'No emotes yet',
    noneText: 'Give the label signs of its own: members write :name: or choose them beside the box.',
    name: 'Name',
    nameHint: 'Small letters, digits and _; members write it between colons.',
    picture: 'Picture',
    pictureHint: 'It is cut to a square and shown as high as a line of text.',
    nameBad: 'Use 2 to 24 small letters, digits and _.',
    made: '{name} can be used now.',
    remove: 'Delete {name}',
    removeAsk: 'Delete {name}?',
    removeText: 'Messages show its name instead.',
    removeDo: 'Delete',
  },
  fr: {
    picker: 'Choisir un émoji ou une émote',
    ownEmotes: 'Du label',
    emoji: 'Émojis',
    manage: 'Émotes',
    none: 'Pas encore d’émotes',
    noneText:
      'Donnez au label ses propres signes : les membres écrivent :nom: ou les choisissent à côté du champ.',
    name: 'Nom',
    nameHint: 'Minuscules, chiffres et _ ; les membres l’écrivent entre deux-points.',
    picture: 'Image',
    pictureHint: 'Elle est coupée en carré et affichée à la hauteur d’une ligne de texte.',
    nameBad: 'Utilisez 2 à 24 minuscules, chiffres et _.',
    made: '{name} est disponible.',
    remove: 'Supprimer {name}',
    removeAsk: 'Supprimer {name} ?',
    removeText: 'Les messages afficheront son nom à la place.',
    removeDo: 'Supprimer',
  },
})
