/** The variables of VS Code's own four themes that the panel reads (Dark Modern, Light Modern, both high contrast). */

export interface Theme {
  /** Classes that VS Code sets on a webview's body. */
  readonly classes: string;
  readonly variables: Readonly<Record<string, string>>;
}

const fonts = {
  'font-family': '"Liberation Sans", sans-serif',
  'font-size': '13px',
  'editor-font-family': '"Liberation Mono", monospace',
};

export const themes = {
  dark: {
    classes: 'vscode-dark',
    variables: {
      ...fonts,
      foreground: '#cccccc',
      descriptionForeground: '#9d9d9d',
      errorForeground: '#f85149',
      focusBorder: '#0078d4',
      'editor-background': '#1f1f1f',
      'panel-border': '#2b2b2b',
      'textBlockQuote-background': '#2b2b2b',
      'textLink-foreground': '#4daafc',
      'button-background': '#0078d4',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#026ec1',
      'charts-blue': '#3794ff',
      'charts-orange': '#d18616',
      'charts-purple': '#b180d7',
      'charts-green': '#89d185',
      'charts-yellow': '#cca700',
      'editorWarning-foreground': '#cca700',
      'progressBar-background': '#0078d4',
      'menu-background': '#1f1f1f',
      'menu-foreground': '#cccccc',
      'toolbar-hoverBackground': 'rgba(90, 93, 94, 0.31)',
    },
  },
  light: {
    classes: 'vscode-light',
    variables: {
      ...fonts,
      foreground: '#3b3b3b',
      descriptionForeground: '#3b3b3b',
      errorForeground: '#c72e0f',
      focusBorder: '#005fb8',
      'editor-background': '#ffffff',
      'panel-border': '#e5e5e5',
      'textBlockQuote-background': '#f8f8f8',
      'textLink-foreground': '#005fb8',
      'button-background': '#005fb8',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#0258a8',
      'charts-blue': '#0063d3',
      'charts-orange': '#d18616',
      'charts-purple': '#652d90',
      'charts-green': '#388a34',
      'charts-yellow': '#bf8803',
      'editorWarning-foreground': '#bf8803',
      'progressBar-background': '#005fb8',
      'menu-background': '#ffffff',
      'menu-foreground': '#3b3b3b',
      'toolbar-hoverBackground': 'rgba(184, 184, 184, 0.31)',
    },
  },
  highContrast: {
    classes: 'vscode-high-contrast',
    variables: {
      ...fonts,
      foreground: '#ffffff',
      descriptionForeground: 'rgba(255, 255, 255, 0.7)',
      errorForeground: '#f48771',
      contrastBorder: '#6fc3df',
      focusBorder: '#f38518',
      'editor-background': '#000000',
      'panel-border': '#6fc3df',
      'textLink-foreground': '#21a6ff',
      'button-foreground': '#ffffff',
      'button-background': '#000000',
      'charts-blue': '#3794ff',
      'charts-orange': '#ab5a00',
      'charts-purple': '#b180d7',
      'charts-green': '#89d185',
      'charts-yellow': '#ffd370',
      'editorWarning-foreground': '#ffd370',
      'menu-background': '#000000',
      'menu-foreground': '#ffffff',
    },
  },
  highContrastLight: {
    // Both classes, because a rule for dark high contrast applies to this theme too.
    classes: 'vscode-high-contrast-light vscode-high-contrast',
    variables: {
      ...fonts,
      foreground: '#292929',
      descriptionForeground: 'rgba(41, 41, 41, 0.7)',
      errorForeground: '#b5200d',
      contrastBorder: '#0f4a85',
      focusBorder: '#006bbd',
      'editor-background': '#ffffff',
      'panel-border': '#0f4a85',
      'textBlockQuote-background': '#f2f2f2',
      'textLink-foreground': '#0f4a85',
      'button-background': '#0f4a85',
      'button-foreground': '#ffffff',
      'button-hoverBackground': '#0f4a85',
      'charts-blue': '#1a85ff',
      'charts-orange': '#0f4a85',
      'charts-purple': '#652d90',
      'charts-green': '#374e06',
      'charts-yellow': '#895503',
      'editorWarning-foreground': '#895503',
      'menu-background': '#ffffff',
      'menu-foreground': '#292929',
    },
  },
} satisfies Readonly<Record<string, Theme>>;

export type ThemeName = keyof typeof themes;
