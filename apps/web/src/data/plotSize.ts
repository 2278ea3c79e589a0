// How much room the charts take: known before they are loaded.

export const PLOTS = ['success', 'volume', 'latency'] as const
/** Height of one plot in pixels, the air above and below it included. */
export const PLOT_HEIGHT = 126
