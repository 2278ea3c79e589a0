// The draft of one split in React's hands. Nothing here reaches the API.
'use client'
import { useReducer } from 'react'
import {
  currentDraft,
  type DraftBackend,
  EMPTY_DRAFT,
  reduceDraft,
  type StoredBackend,
  storedDraft,
} from '@/data/splitDraft'

export function useSplitDraft(stored: readonly StoredBackend[]) {
  const [state, act] = useReducer(reduceDraft, EMPTY_DRAFT)
  const draft = currentDraft(state, stored)
  return {
    /** null: nothing is proposed. */
    draft,
    proposed: draft ?? storedDraft(stored),
    locked: state.locked,
    move: (name: string, to: number) => act({ type: 'move', stored, name, to }),
    toggleLock: (name: string) => act({ type: 'lock', stored, name }),
    add: (name: string) => act({ type: 'add', stored, name }),
    remove: (name: string) => act({ type: 'remove', stored, name }),
    restore: (name: string) => act({ type: 'restore', stored, name }),
    propose: (proposed: readonly DraftBackend[]) => act({ type: 'propose', stored, draft: proposed }),
    discard: () => act({ type: 'discard', stored }),
  }
}
