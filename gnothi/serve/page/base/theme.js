/** Light, dark, or as the system likes it. */
import { remember, remembered } from "./memory.js";

export const THEMES = ["system", "light", "dark"];

/** The theme that was chosen on this device. */
export const chosenTheme = () => remembered("theme") ?? "system";

/** Wear a theme and keep it for the next visit. */
export function wearTheme(theme) {
  remember("theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
