// Every procedure of the console, by page. Pages and the command line are typed by this file alone.
//
//   session.me / list / endOthers   who am I, what may I do (reasons included), and where am I signed in
//   setup.state / complete          one-time links: first admin, password
//   services.list / head / get      the Services page; what stands above a service's tabs, and its overview
//   services.attention              the number beside "Services" in the rail
//   map.get                         the topology of a range, folded into owners where it is large
//   search.find                     what the command palette finds
//   route.get                       the page of one route
//   charts.heatmap / past           every call by time and latency; the same time a day or a week before
//   services.dependents / save / remove   settings of a service; what stands against deleting it
//   traffic.list / names / get / setWeights / watch   splits of the mesh, the split editor, the strip after an apply
//   traffic.explain / saveRoute / removeRoute   which route a request takes; editing routes
//   access.rules / hits / save / remove   rules as they stand, and what calls do to them
//   access.matrix / explain / preview   who calls whom, the tester, what a change would have done
//   changes.list / actors / get / revert   history; `get` has what a revert would do
//   settings.authority / retention  certificates with their dates; what is kept how long
//   proxies.list                    every proxy: held and wanted revision, acknowledgement, certificate
//   live.watch                      SSE; refetch what is on screen upon a tick
//   apiTokens.create / list / revoke   what commands call this API with
//   config.*, stat.*, status.get, joinTokens.*, users.*   the command line's, see packages/shared/src/api
import { accessRouter } from './access/router.ts'
import { changesRouter } from './changes/router.ts'
import { chartsRouter } from './charts/router.ts'
import { configRouter } from './config/router.ts'
import { liveRouter } from './live/router.ts'
import { mapRouter } from './map/router.ts'
import { proxiesRouter, statusRouter } from './proxies/router.ts'
import { routeRouter } from './route/router.ts'
import { searchRouter } from './search/router.ts'
import { servicesRouter } from './services/router.ts'
import { statRouter } from './services/statRouter.ts'
import { sessionRouter } from './session/router.ts'
import { setupRouter } from './session/setupRouter.ts'
import { usersRouter } from './session/usersRouter.ts'
import { settingsRouter } from './settings/router.ts'
import { apiTokensRouter } from './tokens/apiTokensRouter.ts'
import { joinTokensRouter } from './tokens/router.ts'
import { trafficRouter } from './traffic/router.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  session: sessionRouter,
  setup: setupRouter,
  users: usersRouter,
  services: servicesRouter,
  route: routeRouter,
  charts: chartsRouter,
  map: mapRouter,
  search: searchRouter,
  traffic: trafficRouter,
  access: accessRouter,
  changes: changesRouter,
  proxies: proxiesRouter,
  live: liveRouter,
  config: configRouter,
  stat: statRouter,
  status: statusRouter,
  settings: settingsRouter,
  joinTokens: joinTokensRouter,
  apiTokens: apiTokensRouter,
})
export type AppRouter = typeof appRouter
