declare module 'virtual:pleno/phone' {
  export function open(): Promise<void>;
}
