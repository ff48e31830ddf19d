/** The folder of the pages that `npm run gen` makes from src/: index.html, what it names, and the icon. */
export const siteFolder = new URL('./site/', import.meta.url);
