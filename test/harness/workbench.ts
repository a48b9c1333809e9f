import type { Locator, Page } from "playwright-core";
import { eventually } from "./polling.ts";

const slow = 120_000;

export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** The whole accessible name, which says the state in words. */
  readonly name: string;
}

/** The VS Code window as its user sees it (selectors of 1.139). Every wait is for a condition. */
export class Workbench {
  readonly page: Page;
  /** What the picker of the chat shows, which cuts long names. */
  #model: string | RegExp = /Backend Imp/;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string, query: Readonly<Record<string, string>>): Promise<void> {
    await this.page.goto(`${url}/?${new URLSearchParams(query)}`);
    await this.page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor({ timeout: slow });
  }

  /** Runs a command from the palette, by its full title with category. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.#quickInput().waitFor();
    await this.#quickInput().fill(`>${title}`);
    await this.quickPick(title).click();
  }

  quickPick(text: string): Locator {
    return this.page.locator(".quick-input-widget .monaco-list-row", { hasText: text }).first();
  }

  tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name });
  }

  /** In the group that has the focus. */
  activeTab(name: string): Locator {
    return this.page.locator(".editor-group-container.active .tab.active", { hasText: name });
  }

  /**
   * Waits for a notification, where those that have hidden themselves are too: at most three are toasts at once, and
   * each for some seconds only.
   */
  async notification(text: string | RegExp): Promise<Locator> {
    const center = this.page.locator(".notifications-center.visible");
    if (!(await center.isVisible())) await this.command("Notifications: Show Notifications");
    const item = center.locator(".notification-list-item", { hasText: text }).first();
    await center.hover();
    // The page holds only what is on the screen, and errors of others stand above.
    const isThere = async (turn: number): Promise<boolean> => {
      await this.page.mouse.wheel(0, turn % 10 === 9 ? -10_000 : 150);
      return (await item.count()) > 0;
    };
    let turn = 0;
    await eventually(() => isThere(turn++), Boolean);
    return item;
  }

  async clearNotifications(): Promise<void> {
    await this.command("Notifications: Clear All Notifications");
    await this.page.locator(".notification-list-item").first().waitFor({ state: "detached" });
  }

  dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  status(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  chatInput(): Locator {
    return this.page.locator(".interactive-session .interactive-input-part .monaco-editor").first();
  }

  async openChat(): Promise<void> {
    if (!(await this.chatInput().isVisible())) await this.page.keyboard.press("Control+Alt+I");
    await this.chatInput().waitFor({ timeout: slow });
  }

  /** Types a prompt and sends it; resolves with the answer's element, which may still be growing. */
  async ask(prompt: string): Promise<Locator> {
    await this.openChat();
    await this.modelShown();
    const answers = this.page.locator(".interactive-item-container.interactive-response");
    const before = await answers.count();
    const type = async (): Promise<void> => {
      await this.chatInput().click();
      await this.page.keyboard.press("Control+A");
      await this.page.keyboard.press("Delete");
      await this.page.keyboard.type(prompt, { delay: 5 });
    };
    const spaced = new RegExp(prompt.replaceAll(" ", "[\\s\\u00a0]"));
    const typed = this.page.locator(".interactive-input-part .view-lines", { hasText: spaced });
    const suggestions = this.page.locator(".suggest-widget.visible");
    // A new chat may empty its input a moment after it is shown, and a suggestion may take the key.
    const send = async (): Promise<boolean> => {
      if ((await answers.count()) > before) return true;
      if ((await typed.count()) === 0) await type();
      if (!(await shows(typed, 5000))) return false;
      if (await suggestions.count()) await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Enter");
      return shows(answers.nth(before), 20_000);
    };
    await eventually(send, Boolean, slow);
    return answers.nth(before);
  }

  /**
   * Nobody is signed in, so our own model is the only one, and the picker shows it a moment after the window opens.
   * What is sent before, VS Code refuses by itself. In Restricted Mode the picker never shows it, and sending works.
   */
  private async modelShown(): Promise<void> {
    await this.page
      .locator(".statusbar-item", { hasText: /Backend|proposed|decided/ })
      .first()
      .waitFor({ timeout: slow });
    const picker = this.page.locator(".interactive-input-part", { hasText: this.#model });
    const restricted = this.page.locator(".statusbar-item", { hasText: "Restricted Mode" });
    await picker.or(restricted).first().waitFor({ timeout: slow });
  }

  /** Chooses a model in the picker of the chat, by its whole name. */
  async pickModel(name: string): Promise<void> {
    await this.openChat();
    await this.modelShown();
    const row = this.page.locator(".action-widget .monaco-list-row", { hasText: name }).first();
    const label = (text: string | RegExp): Locator =>
      this.page.locator(".interactive-input-part .action-label", { hasText: text }).first();
    // What is not resolved when the list opens does not come into it, models of others are folded away but for a search,
    // and a chat that is just changing its mode goes back to the model it had.
    const pick = async (): Promise<boolean> => {
      if (await shows(label(name), 100)) return true;
      await this.page.keyboard.press("Escape");
      await label(this.#model).click();
      await this.page.locator(".action-widget input").first().fill(name);
      if (!(await shows(row, 2000))) return false;
      await row.click();
      return shows(label(name), 5000);
    };
    await eventually(pick, Boolean);
    this.#model = name;
  }

  /** Waits until the answer is complete, and gives its visible text. */
  async answerText(answer: Locator): Promise<string> {
    const done = this.page.locator(".interactive-response:not(.chat-response-loading)").and(answer);
    await done.waitFor({ timeout: slow });
    await answer.locator(".rendered-markdown").last().waitFor({ timeout: slow });
    return ((await answer.textContent()) ?? "").replaceAll("\u00a0", " ");
  }

  /** Turns the mouse wheel over the chat until the end is reached; one turn moves it a little, however far it says. */
  async scrollChat(direction: "up" | "down"): Promise<void> {
    await this.page.locator(".interactive-list").hover();
    for (let turn = 0; turn < 40; turn++) await this.page.mouse.wheel(0, direction === "up" ? -2000 : 2000);
  }

  chatButton(text: string): Locator {
    return this.page.locator(".chat-command-button .monaco-button", { hasText: text }).first();
  }

  /** The links above the code of the active editor, or of both sides when it is a diff. */
  lenses(text: string | RegExp): Locator {
    return this.page.locator(".editor-group-container.active .codelens-decoration a", { hasText: text });
  }

  /** The whole lines of such links, with what is no link in them. */
  lensLines(text: string | RegExp): Locator {
    return this.page.locator(".editor-group-container.active .codelens-decoration", { hasText: text });
  }

  diff(): Locator {
    return this.page.locator(".editor-group-container.active .monaco-diff-editor");
  }

  async showContainer(title: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(a[aria-label^="${title}"])`).first();
    if (!/\bchecked\b/.test((await icon.getAttribute("class")) ?? "")) await icon.click();
  }

  pane(title: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${title}"])`);
  }

  /** Folds or unfolds a view of the container. */
  async togglePane(title: string): Promise<void> {
    await this.pane(title).locator(".pane-header h3.title").first().click();
  }

  rows(title: string): Locator {
    return this.pane(title).locator(".monaco-list-row");
  }

  /** The rows of a tree that are on the screen, from top to bottom. */
  async tree(title: string): Promise<readonly TreeRow[]> {
    const rows = await this.rows(title).all();
    const read = rows.map(async (row) => ({
      index: Number(await row.getAttribute("data-index")),
      label: (await row.locator(".label-name").first().textContent()) ?? "",
      description: (await row.locator(".label-description").allTextContents()).join(" "),
      name: (await row.getAttribute("aria-label")) ?? "",
    }));
    const sorted = (await Promise.all(read)).sort((a, b) => a.index - b.index);
    return sorted.map(({ label, description, name }) => ({ label, description, name }));
  }

  #quickInput(): Locator {
    return this.page.locator(".quick-input-widget .quick-input-filter input");
  }
}

function shows(what: Locator, within: number): Promise<boolean> {
  return what.waitFor({ timeout: within }).then(
    () => true,
    () => false,
  );
}
