import { createArchitectureView } from "./architecture/architectureView.ts";
import { createAssumptionHandlers } from "./assumptions/assumptionCommands.ts";
import type { CommandHandler, LazyCommandId } from "./commands.ts";
import { createConversationHandlers } from "./conversation.ts";
import { goToDesign } from "./coverage/goToDesign.ts";
import { createRecordHandlers } from "./coverage/recordCommands.ts";
import { createRuleHandlers } from "./coverage/ruleLinks.ts";
import { exportReport } from "./exportReport.ts";
import { proposePastedDesign } from "./pastedDesign.ts";
import { createReviewHandlers } from "./review/reviewCommands.ts";
import type { RunHost } from "./run.ts";
import { openSample } from "./sampleProject.ts";
import { proposeTemplates } from "./templates.ts";
import { openCheckHelp } from "./trees/checklistHelp.ts";

/** The handlers of the commands that no window needs before somebody gives one. */
export function createLazyHandlers(host: RunHost): Readonly<Record<LazyCommandId, CommandHandler>> {
  const { store, folder, loadRuntime } = host;
  const architecture = createArchitectureView(host);
  return {
    ...createReviewHandlers(host.review),
    ...createAssumptionHandlers({ store: host.assumptions, folder, loadRuntime }),
    ...createConversationHandlers(host),
    ...createRecordHandlers(host),
    ...createRuleHandlers(host),
    "backendImplementer.showArchitecture": architecture.show,
    "backendImplementer.exportReport": () => exportReport(host),
    "backendImplementer.openSample": () => openSample(host.context),
    "backendImplementer.createTemplates": () => proposeTemplates(host),
    "backendImplementer.convertPaste": () => proposePastedDesign(host),
    "backendImplementer.openCheckHelp": (given) => openCheckHelp(given, host.context.extensionUri),
    "backendImplementer.goToDesign": () => goToDesign(store, folder),
  };
}
