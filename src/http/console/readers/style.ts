/** Style of readers, after that of the whole console. */
export const readersStyle = '';
