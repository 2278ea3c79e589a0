// How a field looks, also outside a form.
export const fieldClass =
  'h-8 w-full min-w-0 rounded-2 border border-control bg-raised px-2.5 text-13 text-ink disabled:border-dashed disabled:text-ink-3 max-md:h-11 max-md:text-16'
