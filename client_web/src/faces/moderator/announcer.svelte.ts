/** What a screen reader is told without moving the focus: one polite line at a time. */
export class Announcer {
  line = $state('');

  say(text: string): void {
    // the same words twice in a row are spoken twice only if the text differs
    this.line = this.line === text ? `${text}\u00a0` : text;
  }
}
