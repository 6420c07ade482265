"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { useTheme } from "@/hooks/use-theme";
import { THEMES, type Theme } from "@/types/theme";

const LOOKS = {
  system: { label: "System", Icon: Monitor },
  light: { label: "Light", Icon: Sun },
  dark: { label: "Dark", Icon: Moon },
} as const;

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const { label, Icon } = LOOKS[theme];
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={`Theme: ${label}`} data-testid="theme-toggle">
          <Icon className="size-4" aria-hidden />
        </Button>
      }
    >
      {({ MenuRadioGroup, MenuRadioItem }) => (
        <MenuRadioGroup value={theme} onValueChange={(value: Theme) => setTheme(value)}>
          {THEMES.map((value) => {
            const { label, Icon } = LOOKS[value];
            return (
              <MenuRadioItem key={value} value={value}>
                <Icon className="size-4 text-muted" aria-hidden />
                {label}
              </MenuRadioItem>
            );
          })}
        </MenuRadioGroup>
      )}
    </Menu>
  );
}
