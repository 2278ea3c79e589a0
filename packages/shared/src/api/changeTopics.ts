// Apart from the schemas, so that a page which lists them need not load a validator.

/** What changes are about, for finding one again: resources by kind, and what is audited beside them. */
export const CHANGE_TOPICS = ['routes', 'services', 'access', 'mesh', 'people'] as const
export type ChangeTopic = (typeof CHANGE_TOPICS)[number]
