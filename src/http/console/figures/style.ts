/** Style of figures, after that of the whole console. */
export const figuresStyle = '';
