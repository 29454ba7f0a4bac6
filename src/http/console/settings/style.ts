/** Style of settings, after that of the whole console. */
export const settingsStyle = '';
