"""The app's own two themes, dark and light."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="coroplay-dark",
    primary="#82aaff",
    secondary="#c099ff",
    accent="#86e1fc",
    foreground="#c8d3f5",
    background="#16171d",
    surface="#222436",
    panel="#232840",
    success="#a3cc6c",
    warning="#e0af68",
    error="#ff757f",
    dark=True,
    variables={
        "border-blurred": "#3b4261",
        "text-muted": "#8790b8",
        "text-disabled": "#565f89",
    },
)
LIGHT = Theme(
    name="coroplay-light",
    primary="#2e5bb8",
    secondary="#7847bd",
    accent="#00708a",
    foreground="#23304f",
    background="#fafbff",
    surface="#eceff8",
    panel="#e1e6f4",
    success="#45722a",
    warning="#9a5b00",
    error="#c0263c",
    dark=False,
    variables={
        "border-blurred": "#b9c2dd",
        "text-muted": "#5c678f",
        "text-disabled": "#98a1bf",
    },
)
OWN = {theme.name: theme for theme in (DARK, LIGHT)}
"""By name."""
