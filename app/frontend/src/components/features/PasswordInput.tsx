"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { texts } from "@/lib/texts";

export function PasswordInput(props: ComponentProps<typeof Input>) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input {...props} type={shown ? "text" : "password"} className="pr-10" />
      <Button
        look="ghost"
        size="icon"
        aria-label={shown ? texts.auth.hidePassword : texts.auth.showPassword}
        onClick={() => setShown(!shown)}
        className="absolute top-0.5 right-0.5 size-8"
      >
        <Icon className="size-4" aria-hidden />
      </Button>
    </div>
  );
}
