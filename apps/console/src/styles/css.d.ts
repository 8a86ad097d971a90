/** In the widget, styles are texts that go into its shadow root. */
declare module '*.css' {
  const text: string;
  export default text;
}
