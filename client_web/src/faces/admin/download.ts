/** Hands the person a file that the page holds. */
export function download(name: string, body: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(body);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Rows as CSV that a spreadsheet opens; no cell becomes a formula in it. */
export function csv(rows: string[][]): Blob {
  const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return new Blob(['\ufeff', rows.map((row) => row.map(cell).join(';')).join('\r\n')], { type: 'text/csv' });
}
