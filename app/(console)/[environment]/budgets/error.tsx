"use client";

import { PageFailed, type Thrown } from "@/components/frame/pages";

export default function BudgetsFailed(props: Thrown) {
  return (
    <PageFailed
      {...props}
      page="Budgets"
      what="The budgets"
      goesOn="The caps hold without this page: each decision reads them for itself."
    />
  );
}
