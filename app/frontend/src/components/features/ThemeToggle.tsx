"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { useTheme } from "@/hooks/use-theme";
import { texts } from "@/lib/texts";
import { THEMES, type Theme } from "@/types/theme";

const ICONS = { system: Monitor, light: Sun, dark: Moon };

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const Icon = ICONS[theme];
  return (
    <Menu
      trigger={
        <Button
          look="ghost"
          size="icon"
          aria-label={texts.theme.label(texts.theme[theme])}
          data-testid="theme-toggle"
        >
          <Icon className="size-4" aria-hidden />
        </Button>
      }
    >
      {({ MenuRadioGroup, MenuRadioItem }) => (
        <MenuRadioGroup value={theme} onValueChange={(value: Theme) => setTheme(value)}>
          {THEMES.map((value) => {
            const Icon = ICONS[value];
            return (
              <MenuRadioItem key={value} value={value}>
                <Icon className="size-4 text-muted" aria-hidden />
                {texts.theme[value]}
              </MenuRadioItem>
            );
          })}
        </MenuRadioGroup>
      )}
    </Menu>
  );
}
