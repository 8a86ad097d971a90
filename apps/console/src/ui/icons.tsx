/** Drawings on buttons; what they mean stands in the buttons' names. */
const Icon = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    <path d={path} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);

export const SendIcon = () => <Icon path="M12 19V5M5 12l7-7 7 7" />;
export const DownIcon = () => <Icon path="M12 5v14M5 12l7 7 7-7" />;
export const AgainIcon = () => <Icon path="M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6" />;
export const CloseIcon = () => <Icon path="M6 6l12 12M18 6L6 18" />;
export const ChatIcon = () => <Icon path="M21 12a8 8 0 0 1-8 8H4l2.2-3.3A8 8 0 1 1 21 12z" />;
export const StopIcon = () => (
  <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    <rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />
  </svg>
);
